import type { Answer } from '../answer.ts';
import { ServiceFault } from '../fault.ts';
import type { SimulatedService } from '../service.ts';

/** The facts of a request that its service needs to write an answer. */
export interface AnswerContext {
  readonly service: SimulatedService;
  readonly requestId: string;
  readonly origin: string;
  readonly accept: string | null;
  /** The microversion that the answer's headers name. */
  readonly microversion: string;
}

/** Does the work, and writes its answer, or the refusal that it throws. */
export async function writeAnswer(
  context: AnswerContext,
  work: () => Promise<Answer> | Answer,
): Promise<Answer> {
  try {
    return withServiceHeaders(context, await work());
  } catch (error) {
    if (error instanceof ServiceFault) return writeRefusal(context, error);
    throw error;
  }
}

const refusals = new WeakMap<Answer, ServiceFault>();

/** A refusal in the service's words. */
export function writeRefusal(context: AnswerContext, fault: ServiceFault): Answer {
  const answer = withServiceHeaders(context, context.service.fault(fault, context));
  refusals.set(answer, fault);
  return answer;
}

/** The refusal that an answer is; `undefined` if it is none. */
export const refusalOf = (answer: Answer): ServiceFault | undefined => refusals.get(answer);

/** The answer to a path that the service does not have, or to a method that the path (`allow`) does not have. */
export function noSuchPath(
  { service, accept }: AnswerContext,
  method: string,
  allow: readonly string[] | undefined,
): Answer {
  const answer = service.unknown({ method, allow, accept });
  if (answer instanceof ServiceFault) throw answer;
  return answer;
}

function withServiceHeaders({ service, requestId, microversion }: AnswerContext, answer: Answer): Answer {
  const empty = answer.body === undefined && answer.raw === undefined;
  const type = empty ? service.emptyType?.(answer.status) : undefined;
  return {
    ...answer,
    headers: {
      ...service.headers(requestId, microversion),
      ...(type === undefined ? {} : { 'Content-Type': type }),
      ...answer.headers,
    },
  };
}
