/**
 * A message with what varies taken out, so that equal ones can be counted: ids, addresses, numbers, quoted and
 * bracketed values.
 *
 * @example template('Instance 1f…9a could not be found.') // 'Instance <id> could not be found.'
 */
export function template(message: string): string {
  return message
    .slice(0, LONGEST)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>')
    .replace(/\b[0-9a-f]{32}\b/gi, '<id>')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?(\/\d{1,2})?\b/g, '<address>')
    .replace(/'[^']*'|"[^"]*"/g, '<value>')
    .replace(/\b0x[0-9a-f]+\b/gi, '<number>')
    .replace(/\b\d+(\.\d+)*\b/g, '<number>')
    .replace(/(<number>[ ,:]*){2,}/g, '<number> ')
    .trim();
}

const LONGEST = 240;
