/**
 * The load room: disk to plain data. It finds dbt_project.yml, chooses the connection of profiles.yml, reads
 * YAML so that every value can tell its place, lists the files of a project and finds installed packages. It
 * knows nothing of models. A command calls, in this order: `withDotenv` (before the invocation is made),
 * `findProjectFolder`, `readProjectFile` (its `flags` belong to the invocation), `loadProfile`, `loadProject`,
 * `loadPackages`, then `walkFiles` and `parseYaml` for what it needs. Paths in errors and documents are relative
 * to the project; profiles.yml is named by its absolute path.
 */

export { CONFIG_KEYS, type ConfigKind, USUAL_CONFIG_KEYS } from './config-keys.ts';
export type { Profile, ProjectConfig, ProjectFile, YamlDocument } from './contract.ts';
export { parseDotenv, withDotenv } from './dotenv.ts';
export { type Ignores, ignoreRules } from './ignore-rules.ts';
export { type InstalledPackage, type LoadPackagesOptions, loadPackages } from './packages.ts';
export { type PreviousStateOptions, previousState, readRunResults } from './previous-state.ts';
export { type LoadProfileOptions, loadProfile, searchPath, shownTarget } from './profile.ts';
export { type LoadProjectOptions, loadProject } from './project.ts';
export { duplicateKeyDeprecations, keyCheckFor, projectDeprecations } from './project-deprecations.ts';
export {
  findProjectFolder,
  PROJECT_FILE,
  type ProjectFileContents,
  readProjectFile,
} from './project-file.ts';
export { CONFIG_TREES, PROJECT_KEYS } from './project-keys.ts';
export { readText } from './read-text.ts';
export { hasJinja, type RenderContext, renderValues } from './render.ts';
export { type IsFloat, isMapping, pythonRepr, pythonText, pythonTypeName } from './values.ts';
export { parseYamlOption, readVarsFile } from './vars.ts';
export { projectIgnores, type WalkOptions, walkFiles } from './walk.ts';
export { parseYaml } from './yaml/document.ts';
