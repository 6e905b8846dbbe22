/**
 * A message without the exception that oslo.log adds to it (`error_summary`, oslo_log/formatters.py).
 *
 * @example stripSummary('Unable to create datadir: /x: PermissionError: [Errno 13]') // 'Unable to create datadir: /x'
 */
export function stripSummary(message: string): string {
  const at = message.search(SUMMARY);
  return at === -1 ? message : message.slice(0, at);
}

const SUMMARY = /: (?:(?:[a-z_]\w{0,60}\.){1,10}[A-Z]\w{0,80}|[A-Z]\w{0,60}(?:Error|Exception))(?::|$)/;
