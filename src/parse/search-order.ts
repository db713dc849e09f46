/** Where dbt looks for a name that comes without its package. */
import type { ProjectConfig } from '../load/contract.ts';

export class SearchOrder {
  private readonly ownFirst: boolean;

  constructor(private readonly root: Pick<ProjectConfig, 'name' | 'flags'>) {
    this.ownFirst = root.flags.require_ref_searches_node_package_before_root === true;
  }

  /**
   * The packages in order; null stands for any. Root project before own package, unless dbt's flag
   * `require_ref_searches_node_package_before_root` is set.
   */
  packages(fromPackage: string, wanted: string | null): (string | null)[] {
    const root = this.root.name;
    if (wanted !== null) return [wanted];
    if (fromPackage === root) return [root, null];
    return this.ownFirst ? [fromPackage, root, null] : [root, fromPackage, null];
  }
}
