/**
 * The page to open after signing in. What the address bar asks for was written by anybody: only a page of this site is
 * answered, `/` for everything else. Browsers drop tabs and line breaks and take `\` for `/`, so the text is not
 * looked at but resolved as a browser would.
 */
export function nextPage(asked: string): string {
  const here = "http://flowtap.invalid";
  if (!asked.startsWith("/") || !URL.canParse(asked, here)) return "/";
  const { origin, pathname, search, hash } = new URL(asked, here);
  // `/.//evil` resolves to a path that is another site when it is opened.
  return origin !== here || pathname.startsWith("//") ? "/" : pathname + search + hash;
}
