import { describe, expect, test } from 'vitest';
import { extra, known, tolerant } from '../../src/index.ts';
import { z } from 'zod';

describe('tolerant', () => {
  const Address = tolerant({ addr: z.string() });

  test('keeps the fields that it does not name', () => {
    expect(Address.parse({ addr: '10.0.0.1', 'acme:x': 1 })).toEqual({ addr: '10.0.0.1', 'acme:x': 1 });
  });

  test('refuses what lacks a field that it names', () => {
    expect(Address.safeParse({ 'acme:x': 1 }).success).toBe(false);
  });
});

describe('known', () => {
  test('takes text that is not in its list, and nothing but text', () => {
    const Status = known(['ACTIVE', 'ERROR']);
    expect(Status.parse('ACTIVE')).toBe('ACTIVE');
    expect(Status.parse('NEWER')).toBe('NEWER');
    expect(Status.safeParse(1).success).toBe(false);
  });
});

describe('extra', () => {
  test('reads what was sent beside the known fields', () => {
    expect(extra({ id: 's', 'OS-EXT:x': ['y'] }, 'OS-EXT:x')).toEqual(['y']);
  });

  test('has nothing where nothing was sent, not even what every object inherits', () => {
    expect(extra({ id: 's' }, 'OS-EXT:x')).toBeUndefined();
    expect(extra({ id: 's' }, 'constructor')).toBeUndefined();
    expect(extra({ id: 's' }, '__proto__')).toBeUndefined();
  });
});
