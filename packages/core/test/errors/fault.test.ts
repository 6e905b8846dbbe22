import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/errors/fault.ts';

describe('every shape of error body', () => {
  test.each([
    [
      'Nova',
      { itemNotFound: { code: 404, message: 'Instance x could not be found.' } },
      'itemNotFound',
      'Instance x could not be found.',
    ],
    [
      'Keystone',
      {
        error: {
          code: 401,
          title: 'Unauthorized',
          message: 'The request you have made requires authentication.',
        },
      },
      'Unauthorized',
      'The request you have made requires authentication.',
    ],
    [
      'Neutron',
      { NeutronError: { type: 'NetworkNotFound', message: 'Network x could not be found.', detail: '' } },
      'NetworkNotFound',
      'Network x could not be found.',
    ],
    [
      'Neutron, in text',
      { NeutronError: 'Request Failed: internal server error' },
      'NeutronError',
      'Request Failed: internal server error',
    ],
    [
      'Cinder',
      { overLimit: { code: 413, message: 'VolumeLimitExceeded', retryAfter: '0' } },
      'overLimit',
      'VolumeLimitExceeded',
    ],
    [
      'Octavia (WSME)',
      { faultcode: 'Client', faultstring: 'Not found', debuginfo: null },
      'Client',
      'Not found',
    ],
    [
      'Ironic',
      { error_message: JSON.stringify({ faultstring: 'Node x could not be found.', faultcode: 'Client' }) },
      'Client',
      'Node x could not be found.',
    ],
    [
      'webob',
      { code: '404 Not Found', title: 'Not Found', message: 'No such thing' },
      'Not Found',
      'No such thing',
    ],
  ])('%s', (_, body, type, message) => {
    expect(parseFault(404, JSON.stringify(body))).toMatchObject({ type, message });
  });

  test('Placement and the API SIG, with a code', () => {
    const body = {
      errors: [
        { status: 404, title: 'Not Found', detail: 'No such provider', code: 'placement.undefined_code' },
      ],
    };
    expect(parseFault(404, JSON.stringify(body))).toEqual({
      type: 'Not Found',
      message: 'No such provider',
      code: 'placement.undefined_code',
      detail: undefined,
    });
  });

  test('Glance and Swift in HTML', () => {
    const html =
      '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image &#x27;x&#x27; found<br /><br />\n\n\n </body>\n</html>';
    expect(parseFault(404, html)).toMatchObject({ type: '404 Not Found', message: "No image 'x' found" });
  });

  test("webob's plain text, as Glance answers an upload", () => {
    expect(parseFault(409, '409 Conflict\n\nImage is busy\n\n   ')).toMatchObject({
      type: '409 Conflict',
      message: 'Image is busy',
    });
  });

  test.each([
    ['', 'status 503, without a body'],
    ['upstream error', 'upstream error'],
    ['{"cut', '{"cut'],
    ['[1]', '[1]'],
    ['{}', '{}'],
  ])('a body that says little: %j', (text, message) => {
    expect(parseFault(503, text).message).toBe(message);
  });
});
