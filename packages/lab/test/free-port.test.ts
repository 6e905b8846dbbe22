import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freePorts } from '../src/free-port.ts';

// Galera binds the port of its incremental state transfer minutes after it was chosen; one of the kernel's own range was a
// client's by then ("Failed to open IST listener", seen in CI).
test('all different, and none that the kernel hands to clients or a daemon of the lab has', async () => {
  const ports = await freePorts(200);
  expect(new Set(ports).size).toBe(200);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
  expect(Math.max(...ports)).toBeLessThan(25_000);
});

test('free to be listened on', async () => {
  const [port] = await freePorts(1);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect((server.address() as AddressInfo).port).toBe(port);
  await new Promise((resolve) => server.close(resolve));
});

test('more than there are is refused', async () => {
  await expect(freePorts(5_001)).rejects.toThrow('no 5001 ports are free');
});
