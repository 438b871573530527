// Opens an xlsx and saves it with SheetJS or exceljs: node convert.cjs PROGRAM FORMAT SOURCE TARGET
// Both are found through NODE_PATH; neither is needed to judge the corpus.
const [program, format, source, target] = process.argv.slice(2);

async function main() {
  if (program === "exceljs") {
    const { Workbook } = require("exceljs");
    const workbook = new Workbook();
    await workbook.xlsx.readFile(source);
    await workbook[format].writeFile(target);
    return;
  }
  const sheets = require("xlsx");
  const options = { bookType: format, bookSST: true };
  if (format === "numbers") options.numbers = require("xlsx/dist/xlsx.zahl");
  sheets.writeFile(sheets.readFile(source, { cellNF: true }), target, options);
}

main();
