export { EngineError, RunTakenError } from './dbos/engine-errors.ts';
export type { DbosEngine, DbosEngineOptions, DbosRun, DbosStartOptions } from './dbos/engine-options.ts';
export { dbosEngine } from './dbos/engine.ts';
