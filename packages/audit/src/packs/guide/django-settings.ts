/**
 * The value of a setting of Horizon's `local_settings.py`, as it is written, be it a name of its own or an entry of
 * HORIZON_CONFIG; `undefined` if it is not set. Only what stands at the beginning of a line: what a program decides
 * while it runs, no reader can tell.
 */
export function settingOf(text: string, name: string): string | undefined {
  const entry = String.raw`HORIZON_CONFIG\[["']${name.toLowerCase()}["']\]`;
  const wanted = new RegExp(String.raw`^(?:${name}|${entry})\s*=(?!=)\s*(.+?)\s*$`, 'gm');
  const last = [...text.matchAll(wanted)].at(-1)?.[1];
  return last?.replace(/\s+#[^'"]*$/, '');
}

/** The regular expression that passwords are checked with; `undefined` if none is set. */
export const passwordRegex = (text: string): string | undefined =>
  /^[^#\n]*password_validator[\s\S]{0,80}?["']regex["']\s*:\s*r?(["'])(.*?)\1/im.exec(text)?.[2];
