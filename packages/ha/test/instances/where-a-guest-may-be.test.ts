import { describe, expect, test } from 'vitest';
import { haPolicy } from '../../src/instances/policy.ts';
import { sortServers } from '../../src/instances/servers-to-move.ts';
import type { ServerMove, ServerView } from '../../src/instances/situation.ts';
import { whereabouts } from '../../src/instances/whereabouts.ts';
import { serverView } from './situations.ts';

// Every host that is missing here is one on which a guest may go on running while Nova starts it elsewhere.

const move = (differs: Partial<ServerMove> = {}): ServerMove => ({
  type: 'live-migration',
  status: 'running',
  source: 'compute-2',
  dest: 'compute-3',
  ...differs,
});
const server = (differs: Partial<ServerView>): ServerView => serverView('s', 'compute-2', differs);
const hostsOf = (differs: Partial<ServerView>): readonly string[] => whereabouts(server(differs)).hosts;
const unknown = (differs: Partial<ServerView>): string | undefined => whereabouts(server(differs)).unknown;
const codes = (differs: Partial<ServerView>): string[] =>
  sortServers('compute-2', [server(differs)], haPolicy()).left.map(({ code }) => code);

describe('both ends of a move count', () => {
  test('the destination of a move away, and the source of one that came', () => {
    expect(hostsOf({ moves: [move()] })).toEqual(['compute-2', 'compute-3']);
    const came = move({ source: 'compute-1', dest: 'compute-2' });
    expect(hostsOf({ moves: [came] })).toEqual(['compute-2', 'compute-1']);
  });

  test('of every move that has not ended, not of the newest alone', () => {
    const moves = [move({ dest: 'compute-4', status: 'accepted' }), move()];
    expect(hostsOf({ moves })).toEqual(['compute-2', 'compute-4', 'compute-3']);
  });

  test('a move that names no source, or no destination, leaves a host unknown', () => {
    expect(unknown({ moves: [move({ source: undefined })] })).toContain('does not say to where');
    expect(unknown({ moves: [move({ dest: undefined })] })).toContain('does not say to where');
  });

  test('a server without a host is anywhere', () => {
    expect(whereabouts({ host: undefined, state: 'active', task: undefined, moves: [] })).toEqual({
      hosts: [],
      unknown: 'Nova does not say on which host it is',
    });
  });
});

describe('finished, and confirming', () => {
  // nova `compute/manager.py`, `_resize_instance`: the source of a resize, or of a cold migration, has stopped the guest.
  test.each(['finished', 'confirming'])(
    'a resize or cold migration that is %s has stopped its source',
    (status) => {
      const came = { source: 'compute-1', dest: 'compute-2', status };
      expect(hostsOf({ moves: [move({ ...came, type: 'resize' })] })).toEqual(['compute-2']);
      expect(hostsOf({ moves: [move({ ...came, type: 'migration' })] })).toEqual(['compute-2']);
    },
  );

  test.each(['finished', 'confirming'])('any other move that is %s has not', (status) => {
    const came = { source: 'compute-1', dest: 'compute-2', status };
    for (const type of ['live-migration', 'evacuation', undefined])
      expect(hostsOf({ moves: [move({ ...came, type })] })).toEqual(['compute-2', 'compute-1']);
  });
});

describe('a live migration that failed after the switch', () => {
  const failed = move({ status: 'error' });

  test('counts while the server is in error on its source, and while nothing came after it', () => {
    expect(hostsOf({ state: 'error', moves: [failed] })).toEqual(['compute-2', 'compute-3']);
    expect(hostsOf({ state: 'error', moves: [move({ status: 'completed' }), failed] })).toEqual([
      'compute-2',
    ]);
    expect(hostsOf({ state: 'active', moves: [failed] })).toEqual(['compute-2']);
  });

  test('not a failed resize: its guest never switched', () => {
    expect(hostsOf({ state: 'error', moves: [{ ...failed, type: 'resize' }] })).toEqual(['compute-2']);
  });

  test('not one away from another host: the server has arrived here', () => {
    const came = move({ status: 'error', source: 'compute-1', dest: 'compute-2' });
    expect(hostsOf({ state: 'error', moves: [came] })).toEqual(['compute-2']);
  });
});

describe('left, with what it is', () => {
  test.each([
    ['deleted', { state: 'deleted' }],
    ['soft-deleted', { state: 'soft-delete' }],
    ['being deleted', { task: 'deleting' }],
    ['being soft-deleted', { task: 'soft-deleting' }],
  ])('a server that is %s: evacuated, it would come back to life', (_, differs) => {
    expect(codes(differs)).toEqual(['deleted']);
  });

  test('a server of a cell that does not respond', () => {
    expect(codes({ state: 'unknown' })).toEqual(['cell-down']);
  });
});
