import { z } from 'zod';
import { operation, resource, service } from '../operation.ts';
import { answer, args } from '../shape.ts';

const Named = answer({ id: z.string(), name: z.string() });
const ById = args({ id: z.string() });

const projects = resource({
  name: 'projects',
  findBy: 'name',
  operations: {
    list: operation({ verb: 'GET', path: 'projects', receive: 'projects', page: 'body-links', input: args({ name: z.string().optional() }), output: Named }),
    get: operation({ verb: 'GET', path: 'projects/{id}', receive: 'project', input: ById, output: Named }),
    create: operation({ verb: 'POST', path: 'projects', send: 'project', receive: 'project', status: 201, input: args({ name: z.string(), domain_id: z.string().optional() }), output: Named }),
    delete: operation({ verb: 'DELETE', path: 'projects/{id}', input: ById }),
  },
});

export const identity = service({ name: 'identity', type: 'identity', major: 'v3', resources: { projects } });
