import type { Answer } from '../../answer.ts';
import { ServiceFault } from '../../fault.ts';
import type { FaultContext } from '../../service.ts';

/** Title and explanation of a status (`RESPONSE_REASONS` of `swift/common/swob.py`). */
const REASONS: { readonly [status: number]: readonly [string, string] } = {
  202: ['Accepted', 'The request is accepted for processing.'],
  400: [
    'Bad Request',
    'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  ],
  401: [
    'Unauthorized',
    'This server could not verify that you are authorized to access the document you requested.',
  ],
  403: ['Forbidden', 'Access was denied to this resource.'],
  404: ['Not Found', 'The resource could not be found.'],
  405: ['Method Not Allowed', 'The method is not allowed for this resource.'],
  406: ['Not Acceptable', 'The resource is not available in a format acceptable to your browser.'],
  409: ['Conflict', 'There was a conflict when trying to complete your request.'],
  411: ['Length Required', 'Content-Length header required.'],
  412: ['Precondition Failed', 'A precondition for this request was not met.'],
  413: ['Request Entity Too Large', 'The body of your request was too large for this server.'],
  416: ['Requested Range Not Satisfiable', 'The Range requested is not available.'],
  422: ['Unprocessable Entity', 'Unable to process the contained instructions'],
  499: ['Client Disconnect', 'The client was disconnected during request.'],
  500: [
    'Internal Error',
    'The server has either erred or is incapable of performing the requested operation.',
  ],
  501: ['Not Implemented', 'The requested method is not implemented by this server.'],
  503: ['Service Unavailable', 'The server is currently unavailable. Please try again at a later time.'],
  507: ['Insufficient Storage', 'There was not enough space to save the resource.'],
};

const HTML = 'text/html; charset=UTF-8';

/** A page in Swift's words. */
export function page(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  const [title, explanation] = REASONS[status] ?? ['Error', 'An error has occurred.'];
  const raw = `<html><h1>${title}</h1><p>${explanation}</p></html>`;
  return { status, raw, headers: { 'Content-Type': HTML, ...headers } };
}

/** A refusal in the usual words of its status. */
export const refusal = (status: number, headers: Record<string, string> = {}): ServiceFault =>
  new ServiceFault(status, '', { headers });

/** A refusal with a text of its own. */
export const because = (status: number, text: string, type = 'text/plain'): ServiceFault =>
  new ServiceFault(status, text, { type });

/** Writes a fault of Swift: a page, or the text that a check has. */
export function swiftFault(fault: ServiceFault, { origin }: FaultContext): Answer {
  const { status, message, type } = fault;
  if (status === 401) {
    return page(401, {
      'Www-Authenticate': `Swift realm="unknown", Keystone uri="${origin}/identity/v3"`,
      ...fault.headers,
    });
  }
  if (message === '' || type === 'policy') return page(status, fault.headers);
  return { status, raw: message, headers: { 'Content-Type': type ?? HTML, ...fault.headers } };
}
