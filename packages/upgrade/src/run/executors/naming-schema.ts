import { aFunction } from '@groundcrew/ground';
import { z } from 'zod';

const lists = z.record(z.string(), z.array(z.string().min(1)).min(1)).optional();

/** Parts of the schemas of executors' options. */
export const namingShape = { packages: lists, units: lists, control: aFunction.optional() };
