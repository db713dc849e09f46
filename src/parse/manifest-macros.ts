/** The macros of a saved manifest, for parsing a few files without reading all macro files. */
import type { MacroSource, MacroSpan } from '../context/macro-library.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MacroNode } from '../manifest/nodes.ts';
import type { ProjectContext } from './contract.ts';
import { internalPackagesOf } from './packages.ts';

export class ManifestMacros implements MacroSource {
  readonly rootPackage: string;
  readonly internalPackages: readonly string[];
  readonly packages: readonly string[];

  constructor(
    private readonly manifest: Manifest,
    context: Pick<ProjectContext, 'project' | 'adapter'>,
  ) {
    this.rootPackage = context.project.name;
    this.internalPackages = internalPackagesOf(context.adapter);
    this.packages = manifest.macroPackages.filter(
      (name) => name !== this.rootPackage && !this.internalPackages.includes(name),
    );
  }

  macro(packageName: string, name: string): MacroNode | undefined {
    return this.manifest.macro(packageName, name);
  }

  *names(packageName: string): Iterable<string> {
    for (const macro of this.manifest.macros()) if (macro.package_name === packageName) yield macro.name;
  }

  span(uniqueId: string): MacroSpan {
    return this.manifest.macroSpan(uniqueId);
  }
}
