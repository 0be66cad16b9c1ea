/** Files that the build puts into the desk's bundle as texts; `?page` is a program or a style sheet for the browser, in one piece. */
declare module "*.html" {
  const text: string;
  export default text;
}
declare module "*?page" {
  const text: string;
  export default text;
}
