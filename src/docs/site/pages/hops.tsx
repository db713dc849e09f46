/** How far a picture reaches up and down from the name it is about: never everything at once by default. */
import { go } from '../route.ts';

export interface HopsProps {
  select: string;
  link: (select: string) => string;
}

const FORM = /^(?:(\d*)(\+))?([^+@\s,]+?)(?:(\+)(\d*))?$/;
const CHOICES = ['0', '1', '2', '3', '5', 'all'];

export function Hops({ select, link }: HopsProps) {
  const match = FORM.exec(select.trim());
  if (match === null) return null;
  const [, upDepth, plusBefore, name, plusBehind, downDepth] = match;
  const up = plusBefore === undefined ? '0' : upDepth || 'all';
  const down = plusBehind === undefined ? '0' : downDepth || 'all';
  const to = (above: string, below: string) => {
    const before = above === '0' ? '' : above === 'all' ? '+' : `${above}+`;
    const behind = below === '0' ? '' : below === 'all' ? '+' : `+${below}`;
    go(link(`${before}${name}${behind}`));
  };
  return (
    <span class="hops">
      <Choice label="Up" value={up} onChange={(value) => to(value, down)} />
      <Choice label="Down" value={down} onChange={(value) => to(up, value)} />
    </span>
  );
}

function Choice({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const choices = CHOICES.includes(value) ? CHOICES : [...CHOICES, value];
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    </label>
  );
}
