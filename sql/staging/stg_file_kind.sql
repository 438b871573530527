-- comment: 不是工作簿的文件
-- purpose: The closed vocabulary of files that are no workbook one can read, each by its own name, with what its sender is to do.
-- grain: kind_code
-- kind_code: 文件种类，由内容得知，不看后缀
-- kind_label: 种类的名称
-- kind_remedy: 请单位怎样做
with

final as (
    select
        vocabulary.kind_code,
        vocabulary.kind_label,
        vocabulary.kind_remedy,
    from (
        values
        ('archive', '压缩包', '请解压后直接报送其中的 xlsx 报送表'),
        ('damaged', '不完整或已损坏的文件', '请在本机打开确认内容完整，另存为 .xlsx 后重新报送'),
        ('database', '数据库文件', '请把数填在下发的 xlsx 报送表里，直接报送该表'),
        ('drm', '本单位加密软件加密的文件', '请先在加密软件中解密（或申请外发），在没有装加密软件的电脑上能打开后重新报送'),
        ('email', '邮件', '请把邮件的附件另存到本机，直接报送其中的 xlsx 报送表'),
        ('empty_file', '空文件（多半没有保存好，或没有传完）', '请在本机打开确认有内容，再重新报送'),
        ('flat_ods', '单个 XML 的 OpenDocument 表格（.fods）', '请用 LibreOffice 打开，另存为 .xlsx，核对各数后重新报送'),
        ('gnumeric', 'Gnumeric 表格', '请在 Gnumeric 中另存为 Excel 的 .xlsx，核对各数后重新报送'),
        ('html', '网页（办公系统导出的 .xls 常是这样）', '请用 Excel 或 WPS 打开后另存为 .xlsx，核对各数后重新报送'),
        ('image', '照片、截图或图片', '请把数填在下发的 xlsx 报送表里，直接报送该表，不要拍照或截图'),
        ('iwork', '苹果 Pages 或 Keynote 文稿', '请把数填在下发的 xlsx 报送表里，直接报送该表'),
        ('json', 'JSON 数据（多半是下载没有成功时网站的答复）', '请重新登录下载，在本机打开确认是报送表后重新报送'),
        ('link', '快捷方式或网盘、在线文档的链接', '请打开链接，把表格导出为 .xlsx 下载到本机，报送文件本身'),
        ('lock_file', '表格打开时的临时文件（文件名以 ~$ 或 .~lock 开头）', '请关闭表格，报送文件名开头没有这些符号的那一份'),
        ('media', '录音或视频', '请把数填在下发的 xlsx 报送表里，直接报送该表'),
        ('mhtml', '网页归档（.mht）', '请用 Excel 或 WPS 打开后另存为 .xlsx，核对各数后重新报送'),
        ('numbers', '苹果 Numbers 表格', '请在 Numbers 中选“文件”—“导出为”—“Excel”，导出 .xlsx，核对各数后重新报送'),
        ('odt', 'OpenDocument 文字文档（.odt）', '请把数填在下发的 xlsx 报送表里，直接报送该表，不要转换格式'),
        ('ofd', 'OFD 版式文件', '请把数填在下发的 xlsx 报送表里，直接报送该表，不要转换格式；盖章的版式文件请另行存档'),
        ('old_spreadsheet', '很早以前的格式的表格（如 Excel 4、Lotus、dBASE、.sxc）', '请用 Excel 或 WPS 打开后另存为 .xlsx，核对各数后重新报送'),
        ('pdf', 'PDF 文件', '请把数填在下发的 xlsx 报送表里，直接报送该表，不要转换格式；盖章的扫描件请另行存档'),
        ('presentation', '演示文稿（PPT）', '请把数填在下发的 xlsx 报送表里，直接报送该表，不要转换格式'),
        ('program', '程序', '请查一查电脑有没有中毒，再报送下发的 xlsx 报送表'),
        ('rtf', 'RTF 文档', '请把数填在下发的 xlsx 报送表里，直接报送该表，不要转换格式'),
        ('system_file', '操作系统自动产生的文件（如 .DS_Store、Thumbs.db）', '请报送 xlsx 报送表本身'),
        ('uof', '标文通（UOF）文件', '请用 WPS 打开后另存为 .xlsx，核对各数后重新报送'),
        ('word', 'Word 或 WPS 文字文档', '请把数填在下发的 xlsx 报送表里，直接报送该表，不要转换格式'),
        ('xml', '2003 年的 XML 表格', '请用 Excel 或 WPS 打开后另存为 .xlsx，核对各数后重新报送')
    ) as vocabulary (kind_code, kind_label, kind_remedy)
)

select * from final
