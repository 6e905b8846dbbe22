import { CommandInputError } from './host-errors.ts';
/** One word for a POSIX shell, whatever is in it. A null byte cannot be in an argument at all. */
export function posixQuote(word: string): string {
  if (word.includes('\0')) throw new CommandInputError('command', 'a null byte');
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
