/** The entry of the page. */
import { Settings } from "./settings";

new Settings(window.localStorage);
