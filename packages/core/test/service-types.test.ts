import { expect, test } from 'vitest';
import { officialType, typesToTry } from '../src/service-types.ts';

test.each([
  ['compute', 'compute'],
  ['volumev3', 'block-storage'],
  ['block_storage', 'block-storage'],
  ['sharev2', 'shared-file-system'],
  ['container-infra', 'container-infrastructure-management'],
  ['alarming', 'alarm'],
  ['my-own', 'my-own'],
])('%s is %s', (name, official) => {
  expect(officialType(name)).toBe(official);
});

test('the official type is tried first, then its aliases, newest first', () => {
  expect(typesToTry('volume')).toEqual(['block-storage', 'block-store', 'volume', 'volumev3', 'volumev2']);
});
