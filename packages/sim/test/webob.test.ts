import { expect, test } from 'vitest';
import { quality, webob } from '../src/webob.ts';

const page = (accept: string | null, detail = '') =>
  webob(accept, { status: 400, title: 'Bad Request', explanation: "a < b & 'c'", detail });

test('text for who accepts neither HTML nor JSON, and for who accepts nothing', () => {
  for (const accept of [null, '', 'text/plain', 'application/xml', 'text/html;q=0', 'text'])
    expect(page(accept).raw).toBe("400 Bad Request\n\na < b & 'c'\n\n   ");
  expect(page('text/plain', 'more').raw).toBe("400 Bad Request\n\na < b & 'c'\n\n more  ");
});

test('HTML, escaped; JSON, as it is', () => {
  expect(page('*/*').raw).toBe(
    '<html>\n <head>\n  <title>400 Bad Request</title>\n </head>\n <body>\n  <h1>400 Bad Request</h1>\n  a &lt; b &amp; &#x27;c&#x27;<br /><br />\n\n\n\n </body>\n</html>',
  );
  expect(JSON.parse(page('application/*').raw as string)).toEqual({
    message: "a < b & 'c'<br /><br />\n\n\n",
    code: '400 Bad Request',
    title: 'Bad Request',
  });
});

test('the closest range counts, not the first', () => {
  expect(quality('text/*;q=0.3, text/html;q=0.7, */*;q=0.5', 'text/html')).toBe(0.7);
  expect(quality('text/*;q=0.3, */*;q=0.5', 'text/html')).toBe(0.3);
  expect(quality('*/*;q=0.5, application/json;q=0', 'application/json')).toBe(0);
  expect(quality('text/html;level=1', 'text/html')).toBe(1);
  expect(quality('text/html;q=nonsense', 'text/html')).toBe(0);
});
