import type { Camera } from './camera.ts';

export function ZoomButtons({ camera, fit }: { camera: Camera; fit: () => void }) {
  return (
    <div class="zoom" role="group" aria-label="Zoom">
      <button type="button" onClick={() => camera.zoom(1.3)} aria-label="Zoom in" title="Zoom in (+)">
        +
      </button>
      <button type="button" onClick={() => camera.zoom(1 / 1.3)} aria-label="Zoom out" title="Zoom out (−)">
        −
      </button>
      <button type="button" onClick={fit} aria-label="Fit to screen" title="Fit to screen (0)">
        ⤢
      </button>
    </div>
  );
}
