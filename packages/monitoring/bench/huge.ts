import { measured, type Measurement } from '../../core/bench/measure.ts';
import { ours, type ReadRound, SMALL_HEAP } from './worker.ts';
import { siteOf } from './simulated-site.ts';

interface Round {
  readonly ms: number;
  readonly calls: number;
  readonly planned: number;
  readonly peak: number;
}

/** 100,000 servers beside 10,000: in requests and in memory. */
export async function huge(): Promise<Measurement[]> {
  const small = await round(10_000, SMALL_HEAP);
  const large = await round(100_000, SMALL_HEAP);
  const [smallAtEase, largeAtEase] = [await round(10_000), await round(100_000)];
  return [
    measured({
      name: "requests for 100,000 servers, beside the plan's",
      unit: 'requests',
      value: large.calls,
      baseline: large.planned,
      aim: 1,
    }),
    measured({
      name: 'peak memory of a round over 100,000 servers, beside one over 10,000, both with a heap of 64 MiB',
      unit: 'MiB',
      value: large.peak,
      baseline: small.peak,
      aim: 1.3,
    }),
    measured({
      name: 'the same without a limit of the heap',
      unit: 'MiB',
      value: largeAtEase.peak,
      baseline: smallAtEase.peak,
    }),
    measured({
      name: 'a round over 100,000 servers, beside ten over 10,000, without a limit of the heap',
      unit: 'ms',
      value: largeAtEase.ms,
      baseline: 10 * smallAtEase.ms,
    }),
  ];
}

async function round(servers: number, flags: readonly string[] = []): Promise<Round> {
  await using simulated = siteOf({ hosts: 500, servers, ports: 0 });
  const { connectOptions } = await simulated.listen();
  await using reader = ours('reader.ts', { entry: connectOptions, collect: ['servers'] }, flags);
  const { ms, planned } = await reader.next<ReadRound>();
  // The token, and what versions there are, is asked for once.
  const calls = simulated.requests.all.filter(({ operation }) => operation.endsWith('.list')).length;
  return { ms, calls, planned, peak: reader.peak() };
}
