/** Whether a text is a page of HTML. */
export const looksLikeHtml = (text: string): boolean =>
  /<(?:html|!doctype|head|body|title|h1)\b/i.test(text.slice(0, LONGEST_PAGE));

/**
 * The words of a page, for a message: without tags, scripts and styles, entities resolved, blanks folded; and its title. The
 * page is somebody else's: it is walked once from tag to tag, and only its beginning is looked at, so that no page takes more
 * than a moment.
 */
export function htmlText(page: string): { readonly title: string; readonly words: string } {
  const html = page.slice(0, LONGEST_PAGE);
  const lower = html.toLowerCase();
  let title = '';
  let words = '';
  let heading = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) break;
    words += html.slice(at, open);
    const close = html.indexOf('>', open);
    // A tag that never ends: what is left is no text.
    if (close === -1) {
      at = html.length;
      break;
    }
    const name = /^[a-z][a-z\d]{0,9}/.exec(lower.slice(open + 1, open + 11))?.[0] ?? '';
    at = close + 1;
    words += ' ';
    if (!SKIPPED.has(name)) continue;
    const end = lower.indexOf(`</${name}`, at);
    const inside = html.slice(at, end === -1 ? html.length : end);
    if (name === 'title') title = fold(inside);
    if (name === 'h1') heading = fold(inside);
    at = end === -1 ? html.length : end;
  }
  words += html.slice(at);
  return { title, words: fold(words) || heading };
}

/** Elements that are not shown as text, or repeat the status as a heading. */
const SKIPPED: ReadonlySet<string> = new Set(['script', 'style', 'title', 'h1']);
const LONGEST_PAGE = 64 * 1024;

const fold = (text: string): string => text.split(/\s+/).map(unescape).join(' ').trim();

const unescape = (text: string): string =>
  text.includes('&')
    ? text.replaceAll(
        /&(lt|gt|amp|quot|nbsp|#39|#x27);/g,
        (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ' })[name] ?? "'",
      )
    : text;
