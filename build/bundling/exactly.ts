/** For the bundler, which takes no lists of names: a filter that takes these and no others. */
export const exactly = (names: readonly string[]): RegExp =>
  new RegExp(`^(${names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|")})$`);
