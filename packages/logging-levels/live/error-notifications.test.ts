import path from 'node:path';
import { type Cloud, connect, Secret } from '@groundcrew/core';
import { ensureLab, type Lab } from '@groundcrew/lab';
import { rabbitSource } from '@groundcrew/monitoring/events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorNotifications, type ErrorRecord, type TemplateFound, watchTemplates } from '../src/follow.ts';
import { readLogs } from '../src/read.ts';
import { timelineOf, timelineText } from '../src/timeline.ts';

// Two servers that no host can have, on the lab's real Nova: what it tells on the message bus, in both formats.
const name = `groundcrew-errors-${process.pid}`;
const undo: (() => Promise<unknown>)[] = [];
let lab: Lab;
let cloud: Cloud;
const requests: string[] = [];
let from = '';

beforeAll(async () => {
  lab = await ensureLab({});
  from = new Date(Date.now() - 1000).toISOString();
  cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  undo.push(() => cloud.close());
  cloud.events.on('response', ({ operation, requestId }) => {
    if (operation === 'servers.create' && requestId !== undefined) requests.push(requestId);
  });
  const { id: image } = await cloud.image.images.create({
    name,
    disk_format: 'raw',
    container_format: 'bare',
  });
  undo.push(() => cloud.image.images.delete({ id: image }));
  await cloud.image.data.upload({ id: image }, new Uint8Array(65_536));
  const nova = cloud.compute.at('2.75');
  const flavor = await nova.flavors.create({ name, vcpus: 1, ram: 64, disk: 0 });
  undo.push(() => nova.flavors.delete({ id: flavor.id }));
  await nova.flavorExtraSpecs.merge({
    flavor_id: flavor.id,
    extra_specs: { 'trait:STORAGE_DISK_SSD': 'required' },
  });
  for (const one of ['a', 'b']) {
    const { id } = await nova.servers.create({
      name: `${name}-${one}`,
      imageRef: image,
      flavorRef: flavor.id,
      networks: 'none',
    });
    undo.push(async () => {
      await nova.servers.delete({ id });
      await nova.servers.waitGone(id);
    });
    await nova.servers.waitFor(id, 'ERROR', { interval: 300 }).catch(() => undefined);
  }
}, 900_000);
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
}, 600_000);

test.each([
  ['versioned_notifications.error', 'nova-conductor', 'nova-conductor'],
  ['audit.error', 'compute_task', 'compute_task'],
])(
  '%s: the request that the API answered with, the exception, and one kind of message',
  async (queue, logger, sender) => {
    expect(requests).toHaveLength(2);
    const source = rabbitSource({ url: new Secret(await lab.bus()), queue });
    const errors = errorNotifications(source, { signal: AbortSignal.timeout(60_000) });
    const heard: ErrorRecord[] = [];
    /** Until both requests were heard of. */
    async function* records(): AsyncGenerator<ErrorRecord> {
      const waiting = new Set(requests);
      for await (const record of errors) {
        heard.push(record);
        yield record;
        if (record.eventType.startsWith('compute_task.build_instances'))
          waiting.delete(record.requestId ?? '');
        if (waiting.size === 0) return;
      }
    }
    const watch = watchTemplates(records(), { atLeast: 'error' });
    const found: TemplateFound[] = [];
    watch.on('found', (each) => found.push(each));
    await watch.done;
    expect(errors.gaps()).toEqual([]);
    const [requestId = ''] = requests;
    const record = heard.find((each) => each.requestId === requestId);
    expect(record).toMatchObject({ level: 'error', logger, format: 'notification' });
    expect(record?.message).toMatch(/^(?:nova\.exception\.)?NoValidHost: No valid host was found\./);
    expect(record?.source).toMatch(new RegExp(`^${sender}[.:]`));
    expect(record?.serverId).toMatch(/^[0-9a-f-]{36}$/);
    expect(record?.userId).toMatch(/^[0-9a-f]{32}$/);
    expect(record?.projectId).toMatch(/^[0-9a-f]{32}$/);
    const ours = found.filter(
      ({ template }) => template.logger === logger && template.text.includes('No valid host'),
    );
    expect(ours).toHaveLength(1);

    const timeline = await timelineOf(requestId, {
      from,
      sources: [
        { service: 'notifications', records: heard },
        { service: 'nova-conductor', records: () => readLogs(path.join(lab.logs, 'nova-conductor.log')) },
      ],
    });
    console.log(timelineText(timeline));
    expect(timeline.value).toMatchObject({ seen: true, outcome: 'failed' });
    const span = timeline.value.spans.find(({ service }) => service === 'notifications');
    expect(span?.records).toBeGreaterThan(0);
    expect(timeline.value.spans.map(({ service }) => service)).toContain('nova-conductor');
  },
  180_000,
);
