/** A component that is drawn again only when something it is given has changed. */
import { Component, type ComponentChildren, createElement, type FunctionComponent } from 'preact';

export function memo<P extends object>(draw: (props: P) => ComponentChildren): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const [a, b] = [this.props as Record<string, unknown>, next as Record<string, unknown>];
      return Object.keys(b).some((key) => a[key] !== b[key]);
    }

    render(props: P): ComponentChildren {
      return draw(props);
    }
  }
  return (props: P) => createElement(Memo as never, props as never);
}
