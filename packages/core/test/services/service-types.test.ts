import { expect, test } from 'vitest';
import { officialType, typesToTry } from '../../src/services/service-types.ts';

test.each([
  ['compute', 'compute'],
  ['volumev3', 'block-storage'],
  ['block_storage', 'block-storage'],
  ['VolumeV3', 'block-storage'],
  ['sharev2', 'shared-file-system'],
  ['container-infra', 'container-infrastructure-management'],
  ['alarming', 'alarm'],
  ['messaging', 'message'],
  ['rating', 'rating'],
  ['application_deployment', 'application-deployment'],
  ['my-own', 'my-own'],
  ['constructor', 'constructor'],
])('%s is %s', (name, official) => {
  expect(officialType(name)).toBe(official);
});

test('the official type is tried first, then its aliases in the order of the authority', () => {
  const volume = ['block-storage', 'volumev3', 'volumev2', 'volume', 'block-store'];
  for (const name of ['block-storage', 'volume', 'volumev2']) expect(typesToTry(name)).toEqual(volume);
  expect(typesToTry('share')).toEqual(['shared-file-system', 'sharev2', 'share']);
});

test('a type that nobody knows is tried as it is', () => {
  expect(typesToTry('my-own')).toEqual(['my-own']);
  expect(typesToTry('toString')).toEqual(['tostring']);
});
