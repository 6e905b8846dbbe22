export { type CodeModels, type ModelColumn, modelsOf, modelsScript } from './schema/code-models.ts';
export {
  readSchema,
  type ReadSchemaOptions,
  type SchemaColumn,
  type SchemaSnapshot,
} from './schema/read-schema.ts';
export { type SchemaChange, type SchemaChangeKind, schemaChanges } from './schema/schema-changes.ts';
export {
  rollingSafety,
  type RollingSafety,
  type RollingSafetyInput,
  type SchemaConflict,
} from './schema/rolling-safety.ts';
