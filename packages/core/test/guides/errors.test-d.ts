import { test } from 'vitest';
import type { Cloud } from '@groundcrew/core';
// The code of docs/guides/errors.md, as it stands there: errors.test.ts compares them.
import { isConflict, isConnectionError, isGroundcrewError, isNotFound } from '@groundcrew/core';

declare const cloud: Cloud;
declare const id: string;

test('the guide compiles', async () => {
  try {
    await cloud.compute.servers.start({ id });
  } catch (error) {
    if (isNotFound(error)) console.error(error.status, error.fault?.message, error.requestIds.join(' '));
    else if (isConflict(error)) console.error(error.status, error.fault.message, error.curl);
    else if (isConnectionError(error)) console.error(error.service, error.reason, error.attempts);
    else if (isGroundcrewError(error)) console.error(error.code, error.message, error.remedy);
    else throw error;
  }
});
