import type { PageProps } from '../props.ts';

export interface TabProps extends PageProps {
  v: number;
}
