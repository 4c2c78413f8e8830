import Basics
import Catalog
import Testing

@Suite struct StringsTests {
    private func strings(_ yaml: String) throws -> Strings { try Strings(CatalogFiles(["strings/a.yaml": yaml])) }

    @Test func parametersAndPlurals() throws {
        let strings = try strings(
            """
            late: { zh-Hans: "{count} 件已超时", en: { one: "{count} matter is late", other: "{count} matters are late" } }
            by: { zh-Hans: "现在由{holder}办理", en: "{holder} has it now {" }
            a.b: { zh-Hans: 甲, en: A }
            """)
        #expect(strings["late", .english, ["count": "1"]] == "1 matter is late")
        #expect(strings["late", .english, ["count": "11"]] == "11 matters are late")
        #expect(strings["late", .chinese, ["count": "1"]] == "1 件已超时")
        #expect(strings["by", .chinese, ["holder": "{count}"]] == "现在由{count}办理")
        #expect(strings["by", .english, [:]] == "{holder} has it now {")
        #expect(strings.below("a.", .english) == ["b": "A"])
        #expect(strings.missing == [])
    }

    @Test func whatIsMissingIsSeen() throws {
        let strings = try strings(
            """
            one: { zh-Hans: "{name} 好" }
            two: { zh-Hans: "{name} 好", en: "hello {nam}" }
            """)
        #expect(strings["none", .english] == "⟦none⟧")
        #expect(strings["one", .english, ["name": "a"]] == "a 好")
        #expect(strings.missing.map(\.key) == ["one", "two"])
        #expect(strings.missing[1].parameters == ["nam", "name"])
    }

    @Test func limits() throws {
        #expect(Limit("2h")?.time == .work && Limit("2h", time: .natural)?.time == .natural)
        #expect(Limit("15d")?.time == .natural && Limit("4wd")?.unit == .workdays)
        for wrong in ["", "h", "2", "2 h", "-2h", "2.5h", "2w", "1234567h", "２h"] { #expect(Limit(wrong) == nil, "\(wrong)") }
        #expect(Limit("15d", time: .work) == nil && Limit("4wd", time: .natural) == nil)
        let strings = try Shipped.catalog.strings
        #expect(Limit("1wd")?.text(strings, .english) == "1 workday")
        #expect(Limit("4h")?.text(strings, .chinese) == "4 个工作时")
    }
}
