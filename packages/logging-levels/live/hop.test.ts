import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '@groundcrew/core';
import { ensureLab, type Lab, type LabSuite } from '@groundcrew/lab';
import { expect, test } from 'vitest';
import { readLogs } from '../src/read.ts';
import { type ReleaseNews, releaseNews, releaseNewsMarkdown, whatIsNew } from '../src/templates.ts';

// The logs of real OpenStack of 2025.1 and 2026.1 (some of it 2026.2), of the same work: what is new in the later one. Where
// `LAB_SUITES` names both, the set-up of the live tests has brought them up.
const suites = process.env['LAB_SUITES']?.split(',') ?? [];
const isUp = suites.includes('trixie') && suites.includes('forky');

test.skipIf(!isUp)(
  'a hop from 2025.1 to 2026.1: a list to read, of which each line is true',
  async () => {
    const [before, after] = [await sameWork('trixie'), await sameWork('forky')];
    const news = await releaseNews({ before: readLogs(before.logs), after: readLogs(after.logs) });
    const text = releaseNewsMarkdown(news, { from: '2025.1', to: '2026.1' });
    console.log(text);

    // The list is short enough to be read.
    const { changes } = await whatIsNew({ before: readLogs(before.logs), after: readLogs(after.logs) });
    console.log(`${changes.length} changes are ${text.split('\n').length} lines`);
    expect(text.split('\n').length).toBeLessThan(120);
    expect(changes.length).toBeGreaterThan(20);
    // What another program wrote into the same file is nobody's words (`WSGI app 0 … ready in 45 seconds`).
    expect(text).not.toMatch(/WSGI app \d|spawned uWSGI/);

    // No line of the old log has the module and the words of what is told as new; `grep -F` would find it.
    const old = await linesOf(before);
    const said = (lines: readonly string[], logger: string, words: string): boolean =>
      lines.some((line) => line.includes(` ${logger} `) && line.includes(words));
    const newer = await linesOf(after);
    for (const { logger, text: template } of alarmsOf(news)) {
      const words = longestWords(template);
      if (words.length < 12) continue;
      expect(said(newer, logger, words), `${logger}: ${words}`).toBe(true);
      expect(said(old, logger, words), `${logger}: ${words}`).toBe(false);
    }
    // What moved was said by the old module before, and is by the new one.
    for (const moved of news.moved) {
      const words = longestWords(moved.after.template.text);
      expect(said(old, moved.before.template.logger, words), words).toBe(true);
      expect(said(newer, moved.after.template.logger, words), words).toBe(true);
      expect(said(newer, moved.before.template.logger, words), words).toBe(false);
    }
  },
  20 * 60_000,
);

/** What any user does, and two requests for what is not there; the logs of the control plane have it then. */
async function sameWork(suite: LabSuite): Promise<Lab> {
  const lab = await ensureLab({ suite });
  await using cloud = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const name = `groundcrew-hop-${process.pid}`;
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
    undo.push(() => cloud.image.images.delete({ id: image.id }));
    await cloud.image.data.upload({ id: image.id }, new Uint8Array(65_536));
    const network = await cloud.network.networks.create({ name });
    undo.push(() => cloud.network.networks.delete({ id: network.id }));
    await cloud.network.subnets.create({
      name,
      network_id: network.id,
      ip_version: 4,
      cidr: '192.0.2.0/24',
    });
    const { volumes } = cloud.blockStorage;
    const volume = await volumes.create({ name, size: 1 });
    undo.push(async () => {
      await volumes.delete({ id: volume.id });
      await volumes.waitGone(volume.id);
    });
    await volumes.waitFor(volume.id, 'available', { interval: 300 });
    const nova = cloud.compute.at('2.75');
    const { id: flavorRef } = await nova.flavors.find('m1.nano');
    const server = await nova.servers.create({
      name,
      imageRef: image.id,
      flavorRef,
      networks: [{ uuid: network.id }],
    });
    undo.push(async () => {
      await nova.servers.delete({ id: server.id });
      await nova.servers.waitGone(server.id);
    });
    await nova.servers.waitFor(server.id, 'ACTIVE', { interval: 300 });
    const absent = '11111111-1111-4111-8111-111111111111';
    await nova.servers.get({ id: absent }).catch(() => undefined);
    await cloud.network.networks.get({ id: absent }).catch(() => undefined);
  } finally {
    for (const step of undo.toReversed()) await step();
  }
  return lab;
}

const alarmsOf = ({ alarms }: ReleaseNews) =>
  alarms.flatMap(({ messages }) => messages.map(({ change }) => change.template));

/** The longest part of a template that does not vary: it stands in the log as it is. */
const longestWords = (template: string): string =>
  template
    .split('<*>')
    .map((part) => part.trim())
    .toSorted((a, b) => b.length - a.length)[0] ?? '';

/** All lines of a control plane. */
async function linesOf({ logs }: Lab): Promise<string[]> {
  const files = (await readdir(logs)).filter((name) => /\.(?:log|out)$/.test(name));
  const texts = await Promise.all(files.map((file) => readFile(path.join(logs, file), 'utf8')));
  return texts.flatMap((text) => text.split('\n'));
}
