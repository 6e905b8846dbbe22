import { CommandInputError } from './host-errors.ts';

/**
 * One word for a POSIX shell, whatever is in it: a command that is sent to a shell, or shown to a person who pastes it into one.
 *
 * @throws CommandInputError for a null byte, which cannot be in an argument at all
 * @example ['ls', "it's"].map(posixQuote).join(' '); // ls 'it'\''s'
 */
export function posixQuote(word: string): string {
  if (word.includes('\0')) throw new CommandInputError('command', 'a null byte');
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
