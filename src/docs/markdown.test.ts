import { describe, expect, it } from 'vitest';
import { markdown, safeLink } from './markdown.ts';

describe('markdown', () => {
  it.each([
    ['a plain text', 'One row per play, 97 in all.', 'One row per play, 97 in all.'],
    ['underscores inside a word', 'the user_id of it', 'the user_id of it'],
    ['emphasis', 'the **fact**, _now_', [['p', ['the ', ['b', ['fact']], ', ', ['i', ['now']]]]]],
    ['code', 'where `page = 1`', [['p', ['where ', ['c', ['page = 1']]]]]],
    [
      'a list',
      '- a\n- b',
      [
        [
          'ul',
          [
            ['li', ['a']],
            ['li', ['b']],
          ],
        ],
      ],
    ],
    ['a heading', '# A', [['h', ['A'], '1']]],
    ['code in a block', '```\nselect 1\n```', [['pre', ['select 1']]]],
    [
      'a table',
      '|a|\n|-|\n|b|',
      [
        [
          'table',
          [
            ['tr', [['th', ['a']]]],
            ['tr', [['td', ['b']]]],
          ],
        ],
      ],
    ],
    ['an entity', 'a &amp; b <', 'a & b <'],
    ['a link', '[x](https://x.example/a)', [['p', [['a', ['x'], 'https://x.example/a']]]]],
    [
      'an address',
      'see https://x.example',
      [['p', ['see ', ['a', ['https://x.example'], 'https://x.example']]]],
    ],
    ["a link of dbt's page", '[x](#!/model/model.shop.a)', [['p', [['a', ['x'], '#/model/model.shop.a']]]]],
    [
      'a picture, which becomes a link',
      '![x](https://x.example/a.png)',
      [['p', [['a', ['x'], 'https://x.example/a.png']]]],
    ],
    ['a script, as text', '<script>alert(1)</script>', ['<script>alert(1)</script>']],
    ['an element in a line, as text', 'a <b onclick=x>b</b>', 'a <b onclick=x>b</b>'],
    ['a link that would run', '[x](javascript:alert(1))', 'x'],
    ['a picture that would run', '![x](data:text/html,x)', 'x'],
  ])('%s', (_, text, tree) => {
    expect(markdown(text)).toEqual(tree);
  });
});

describe('safeLink', () => {
  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//x.example',
    '/etc',
    'https://x.example/a b',
    'https:\u0000//x',
    '',
  ])('refuses %j', (link) => {
    expect(safeLink(link)).toBeUndefined();
  });

  it.each(['http://x.example', 'HTTPS://x.example', 'mailto:a@x.example', '#/model/model.a.b'])(
    'takes %s',
    (link) => {
      expect(safeLink(link)).toBe(link);
    },
  );
});
