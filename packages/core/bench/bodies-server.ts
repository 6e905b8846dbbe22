/**
 * A cloud in a process of its own that answers `os-keypairs/hostile-N` with the hostile body N, and `os-keypairs/plain-N` with a
 * plain error of the same length.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cloudListener } from '../test/scripted-cloud.ts';
import { hostileBodies, plainBody } from './hostile-bodies.ts';

const server = createServer(
  cloudListener((request, response) => {
    response.on('error', () => undefined);
    const [, kind, index] = /\/(hostile|plain)-(\d+)/.exec(request.url ?? '') ?? [];
    const hostile = hostileBodies[Number(index)];
    if (hostile === undefined) {
      send(response, 500, {}, plainBody(0), 1);
      return;
    }
    const { status, headers = {}, times = 1 } = hostile;
    const body = hostile.body();
    if (kind === 'hostile') send(response, status, headers, body, times);
    else send(response, 500, {}, plainBody(body.byteLength), times);
  }),
);

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  times: number,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  let left = times;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(body)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// The parent's end of the pipe closes with the parent, however it ends.
process.stdin.resume().on('end', () => process.exit(0));
