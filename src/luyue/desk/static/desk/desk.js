// The desk's behaviour in the browser. Every page works without it; it saves steps and keeps what was typed.
import { startClocks } from "./clocks.js";
import { startDialogs } from "./dialogs.js";
import { startFiles } from "./files.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLists } from "./lists.js";
import { startLookup } from "./lookup.js";
import { startMentions } from "./mentions.js";
import { startMenus } from "./menus.js";
import { startPage } from "./page.js";
import { startPalette } from "./palette.js";
import { startTheme } from "./theme.js";

startPage();
startTheme();
startMenus();
startForms();
startFiles();
startDialogs();
startLists();
startKeys();
startLookup();
startMentions();
startPalette();
startClocks();
