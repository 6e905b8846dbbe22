import { expectTypeOf, test } from 'vitest';
import * as core from '../../src/index.ts';

declare const error: unknown;

test('isNotFound allows what an answer has, and says that a search has none of it', () => {
  if (!core.isNotFound(error)) return;
  expectTypeOf(error.code).toEqualTypeOf<'not-found'>();
  expectTypeOf(error.status).toEqualTypeOf<number | undefined>();
  expectTypeOf(error.fault).toEqualTypeOf<core.Fault | undefined>();
  expectTypeOf(error.body).toEqualTypeOf<string | undefined>();
  expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
  expectTypeOf(error.requestIds).toEqualTypeOf<readonly string[]>();
  expectTypeOf(error.remedy).toEqualTypeOf<string | undefined>();
  for (const fact of ['service', 'operation', 'method', 'url', 'microversion', 'curl'] as const)
    expectTypeOf(error[fact]).toEqualTypeOf<string | undefined>();
  expectTypeOf(error.attempts).toEqualTypeOf<number | undefined>();
});

test('guards of a status narrow to an answer with that code', () => {
  if (core.isConflict(error)) expectTypeOf(error).toEqualTypeOf<core.HttpErrorOf<'conflict'>>();
  if (core.isForbidden(error)) expectTypeOf(error).toEqualTypeOf<core.HttpErrorOf<'forbidden'>>();
  if (core.isUnauthorized(error)) expectTypeOf(error).toEqualTypeOf<core.HttpErrorOf<'unauthorized'>>();
  if (core.isBadRequest(error)) expectTypeOf(error).toEqualTypeOf<core.HttpErrorOf<'bad-request'>>();
  if (core.isOverLimit(error)) expectTypeOf(error).toEqualTypeOf<core.HttpErrorOf<'over-limit'>>();
  if (core.isRateLimited(error)) expectTypeOf(error).toEqualTypeOf<core.HttpErrorOf<'rate-limited'>>();
  if (core.isServerError(error)) expectTypeOf(error).toEqualTypeOf<core.HttpErrorOf<'server-error'>>();
  if (!core.isConflict(error)) return;
  expectTypeOf(error.code).toEqualTypeOf<'conflict'>();
  expectTypeOf(error.status).toEqualTypeOf<number>();
  expectTypeOf(error.fault.message).toEqualTypeOf<string>();
  expectTypeOf(error.body).toEqualTypeOf<string>();
  expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
  expectTypeOf(error).toExtend<core.CallFacts>();
});

test('an answer that one guard refuses is asked of the next', () => {
  if (!core.isHttpError(error)) return;
  expectTypeOf(error).toEqualTypeOf<core.HttpError>();
  if (core.isConflict(error)) return;
  // Narrowed to `HttpError` itself, this would be `never`.
  if (core.isForbidden(error)) return;
  expectTypeOf(error.status).toEqualTypeOf<number>();
});

test('every other guard narrows to its class', () => {
  if (core.isGroundcrewError(error)) expectTypeOf(error).toEqualTypeOf<core.GroundcrewError>();
  if (core.isConfigError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.ConfigError>();
    expectTypeOf([error.file, error.key]).toEqualTypeOf<(string | undefined)[]>();
    expectTypeOf(error.line).toEqualTypeOf<number | undefined>();
  }
  if (core.isInputError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.InputError>();
    expectTypeOf(error.field).toEqualTypeOf<string>();
  }
  if (core.isAuthError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.AuthError>();
    expectTypeOf(error.requestIds).toEqualTypeOf<readonly string[]>();
  }
  if (core.isEndpointError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.EndpointError>();
    expectTypeOf(error.reason).toEqualTypeOf<core.EndpointReason>();
  }
  if (core.isMicroversionError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.MicroversionError>();
    expectTypeOf(error.supported?.max).toEqualTypeOf<string | undefined>();
  }
  if (core.isConnectionError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.ConnectionError>();
    expectTypeOf(error.code).toEqualTypeOf<'unreachable' | 'certificate'>();
    expectTypeOf(error.reason).toEqualTypeOf<string>();
  }
  if (core.isTimeout(error)) expectTypeOf(error).toEqualTypeOf<core.TimeoutError>();
  if (core.isBodyLimitError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.BodyLimitError>();
    expectTypeOf(error.limit).toEqualTypeOf<number>();
  }
  if (core.isDecodeError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.DecodeError>();
    expectTypeOf(error.field).toEqualTypeOf<string>();
    expectTypeOf(error.element?.id).toEqualTypeOf<string | undefined>();
  }
  if (core.isPaginationError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.PaginationError>();
    expectTypeOf(error.reason).toEqualTypeOf<'loop' | 'foreign' | 'truncated'>();
  }
  if (core.isAmbiguous(error)) {
    expectTypeOf(error).toEqualTypeOf<core.AmbiguousError>();
    expectTypeOf(error.ids).toEqualTypeOf<readonly string[]>();
  }
  if (core.isWaitError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.WaitError>();
    expectTypeOf(error.seen[0]?.state).toEqualTypeOf<string | undefined>();
    expectTypeOf(error.last).toEqualTypeOf<unknown>();
  }
  if (core.isStallError(error)) expectTypeOf(error).toEqualTypeOf<core.StallError>();
  if (core.isIntegrityError(error)) {
    expectTypeOf(error).toEqualTypeOf<core.IntegrityError>();
    expectTypeOf(error.algorithm).toEqualTypeOf<string>();
  }
});
