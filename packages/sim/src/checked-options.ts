import { aPositiveNumber, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { VirtualClock } from './clock.ts';
import type { SimulateOptions } from './cloud.ts';
import type { Timing } from './world.ts';

const pause = z.number().min(0).optional();

const timing = optionsSchema<Timing>({
  build: pause,
  action: pause,
  delete: pause,
  volume: pause,
  backup: pause,
  image: pause,
});

const simulateOptions = optionsSchema<SimulateOptions>({
  seed: z.number().optional(),
  release: z.string().min(1).optional(),
  clock: z.instanceof(VirtualClock).optional(),
  scenario: z.string().min(1).optional(),
  region: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  tokenLife: z.union([z.number().min(0), z.string()]).optional(),
  timing: timing.optional(),
  imageMemory: aPositiveNumber.optional(),
});

/** A misspelt `release` would simulate another cloud than the one that a test is about. @throws InputError */
export function checkOptions(options: SimulateOptions): void {
  parseArguments('simulateCloud', simulateOptions, options);
}
