import Matters
import Testing

@Suite struct PublicWordsTests {
    @Test(arguments: [
        ("打 13800001234 找我", "打 138**** 找我"), ("电话 138 0000 1234。", "电话 138****。"), ("身份证41010219900101123X", "身份证410****"),
        ("3 号楼 2 单元 501", "3 号楼 2 单元 501"), ("2026-11-20 晚上", "202**** 晚上"), ("路灯坏了", "路灯坏了"), ("", ""),
    ])
    func numbersThatMayPointAtAPersonAreHidden(words: String, shown: String) { #expect(PublicWords.masked(words) == shown) }
}
