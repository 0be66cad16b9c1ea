/** Files that the build puts into the desk's bundle as texts; `?script` is a program for the browser, compiled. */
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.html" {
  const text: string;
  export default text;
}
declare module "*?script" {
  const text: string;
  export default text;
}
