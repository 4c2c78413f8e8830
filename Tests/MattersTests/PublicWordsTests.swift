import Matters
import Testing

@Suite struct PublicWordsTests {
    @Test(arguments: [
        ("打 13800001234 找我", "打 138**** 找我"), ("电话 138 0000 1234。", "电话 138****。"), ("0371-12345678", "037****"),
        ("身份证410102199001011234", "身份证410****"), ("身份证410102199001011235", "身份证410102199001011235"),
        ("3 号楼 2 单元 501", "3 号楼 2 单元 501"), ("2026-11-20 晚上", "2026-11-20 晚上"), ("probe 1732190000123", "probe 1732190000123"),
        ("a39b2a1213800001234b", "a39b2a1213800001234b"), ("路灯坏了", "路灯坏了"), ("", ""),
    ])
    func numbersThatMayPointAtAPersonAreHidden(words: String, shown: String) { #expect(PublicWords.masked(words) == shown) }
}
