// The same job by OpenCV.js, as people would put it together: features, homography, difference, components. As in opencv/pipeline.py.
import { fileURLToPath } from "node:url";

const OPENCV = fileURLToPath(new URL("opencv/node_modules/@techstark/opencv-js/dist/opencv.js", import.meta.url));

/** Milliseconds from the files to the components, and how many there are; with the reason where it fails. */
export async function byOpenCv(browser, pair) {
  const context = await browser.newContext();
  context.setDefaultTimeout(600_000);
  const page = await context.newPage();
  try {
    await page.goto("about:blank");
    await page.setContent('<input id="files" type="file" multiple>');
    await page.addScriptTag({ path: OPENCV });
    await page.evaluate(async () => {
      // The script leaves a promise of a module, or the module before it is ready; the latter has a `then` of its own and must not be awaited.
      const { cv } = globalThis;
      if (cv instanceof Promise) globalThis.cv = await cv;
      else if (!cv.Mat) await new Promise((resolve) => { cv.onRuntimeInitialized = resolve; });
    });
    await page.setInputFiles("#files", pair);
    return await page.evaluate(compare);
  } catch (error) {
    return { ms: null, failed: error.message.split("\n")[0] };
  } finally {
    await context.close();
  }
}

async function compare() {
  const { cv } = globalThis;
  const [FEATURES, PAIRS_KEPT, LEAST_AREA_PX] = [5000, 500, 50];
  const began = performance.now();
  const grey = [];
  for (const file of document.getElementById("files").files) {
    const bitmap = await createImageBitmap(file);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    drawing.drawImage(bitmap, 0, 0);
    const colour = cv.matFromImageData(drawing.getImageData(0, 0, bitmap.width, bitmap.height));
    const one = new cv.Mat();
    cv.cvtColor(colour, one, cv.COLOR_RGBA2GRAY);
    colour.delete();
    grey.push(one);
  }
  const orb = new cv.ORB(FEATURES);
  const seen = grey.map((image) => {
    const [points, descriptors] = [new cv.KeyPointVector(), new cv.Mat()];
    orb.detectAndCompute(image, new cv.Mat(), points, descriptors);
    return { points, descriptors };
  });
  const matches = new cv.DMatchVector();
  new cv.BFMatcher(cv.NORM_HAMMING, true).match(seen[1].descriptors, seen[0].descriptors, matches);
  const pairs = Array.from({ length: matches.size() }, (_, k) => matches.get(k)).sort((a, b) => a.distance - b.distance).slice(0, PAIRS_KEPT);
  const points = (list) => cv.matFromArray(list.length, 1, cv.CV_32FC2, list.flatMap(({ pt }) => [pt.x, pt.y]));
  const source = points(pairs.map(({ queryIdx }) => seen[1].points.get(queryIdx)));
  const target = points(pairs.map(({ trainIdx }) => seen[0].points.get(trainIdx)));
  const homography = cv.findHomography(source, target, cv.RANSAC, 3);
  const laid = new cv.Mat();
  cv.warpPerspective(grey[1], laid, homography, new cv.Size(grey[0].cols, grey[0].rows));
  const changed = new cv.Mat();
  cv.absdiff(grey[0], laid, changed);
  cv.GaussianBlur(changed, changed, new cv.Size(5, 5), 0);
  cv.threshold(changed, changed, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
  const [labels, stats, centroids] = [new cv.Mat(), new cv.Mat(), new cv.Mat()];
  const n = cv.connectedComponentsWithStats(changed, labels, stats, centroids);
  let components = 0;
  for (let k = 1; k < n; k++) if (stats.intAt(k, cv.CC_STAT_AREA) >= LEAST_AREA_PX) components += 1;
  return { ms: performance.now() - began, components, homography: [...homography.data64F].map((v) => Math.round(v * 1000) / 1000) };
}
