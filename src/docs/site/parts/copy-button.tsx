import { useState } from 'preact/hooks';

/** A page from the disk may not write to the clipboard everywhere; then the button says so. */
export function CopyButton({ text }: { text: string }) {
  const [said, setSaid] = useState('Copy');
  const copy = () => {
    const wrote = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    wrote.then(
      () => setSaid('Copied'),
      () => setSaid('Not allowed here'),
    );
  };
  return (
    <button type="button" class="copy" onClick={copy}>
      {said}
    </button>
  );
}
