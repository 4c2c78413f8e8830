import Basics
import Catalog
import Testing

@Suite struct BrokenTests {
    private func problems(_ path: String, _ change: (String) -> String) throws -> [CatalogProblem] {
        let files = try Shipped.changed(path, change)
        do {
            _ = try Catalog(files)
            return []
        } catch let broken as CatalogBroken {
            return broken.problems
        }
    }

    @Test func anUnknownKeyNamesTheNearest() throws {
        let found = try problems("catalog/classes.yaml") { $0.replacing("milestones: true", with: "milestone: true") }
        let problem = try #require(found.first)
        #expect(found.count == 1)
        #expect(problem.file == "catalog/classes.yaml" && problem.line == 4 && problem.what == .unknownKey)
        #expect(problem.values["nearest"] == "milestones")
        let strings = try Shipped.catalog.strings
        let english = problem.sentence(strings, .english)
        #expect(english.hasPrefix("catalog/classes.yaml:4: ") && english.contains("milestone") && !english.contains("⟦"))
        #expect(problem.sentence(strings, .chinese).contains("是否应为“milestones”"))
    }

    @Test func brokenSyntaxNamesTheLine() throws {
        let found = try problems("catalog/levels.yaml") { $0 + "\nmore: [1, 2\n" }
        #expect(found.first?.what == .syntax)
        #expect(found.first?.file == "catalog/levels.yaml")
        #expect((6...9).contains(found.first?.line ?? 0))
    }

    @Test func everyProblemIsGathered() throws {
        let found = try problems("catalog/categories/events.yaml") {
            $0.replacing("finish: 20wd", with: "finish: soon").replacing("department: gas", with: "department: gaz")
                .replacing("class: long_term", with: "class: longterm")
        }
        #expect(Set(found.map(\.what)) == [.wrongValue, .unknownId])
        #expect(found.count == 3)
        #expect(found.contains { $0.values["nearest"] == "gas" } && found.contains { $0.values["nearest"] == "long_term" })
        #expect(found == found.sorted { ($0.file, $0.line) < ($1.file, $1.line) })
    }

    @Test func twiceTheSameIsAProblem() throws {
        let key = try problems("catalog/classes.yaml") { $0 + "at_once: {}\n" }
        #expect(key.first?.what == .duplicateKey)
        let id = try problems("catalog/roles/unit.yaml") { $0 + "admin: { at: { grid: root } }\n" }
        #expect(id.contains { $0.what == .duplicateId && $0.values["name"] == "admin" })
        let sentence = try problems("strings/more.yaml") { _ in "state.open: { zh-Hans: 一, en: one }\n" }
        #expect(sentence.first?.what == .duplicateKey)
    }

    @Test(arguments: [
        ("catalog/platform.yaml", "", CatalogProblem.Sort.missingKey), ("catalog/platform.yaml", "- 1", .wrongType),
        ("catalog/calendars/office.yaml", "hours: {mon: [8-12]}", .wrongValue),
        ("catalog/calendars/cn-2026.yaml", "year: 2026\nholidays: {a: {off: [2026-02-30]}}", .wrongValue),
        ("catalog/calendars/cn-2026.yaml", "year: twenty", .wrongType),
        ("catalog/levels.yaml", "a: &x {}\nb: *x\n\tc: 1", .syntax), ("strings/states.yaml", "state.open: { zh: 一 }", .unknownKey),
        ("strings/states.yaml", "a: \u{0}", .syntax), ("catalog/roles/unit.yaml", "a: {at: {unit: depatment}}", .unknownId),
        ("catalog/roles/unit.yaml", "a: {at: {grid: micro}, rights: [{verbs: [se], reach: land}]}", .wrongValue),
    ])
    func brokenFile(path: String, text: String, what: CatalogProblem.Sort) throws {
        let found = try problems(path) { _ in text }
        #expect(found.contains { $0.what == what && $0.file == path && $0.line >= 1 }, "\(found)")
        let strings = try Shipped.catalog.strings
        for problem in found where problem.file == path {
            for language in Language.allCases {
                let sentence = problem.sentence(strings, language)
                #expect(!sentence.contains("⟦") && !sentence.contains("{at}") && !sentence.contains("{name}"), "\(sentence)")
            }
        }
    }

    @Test func aFormAsksOnlyWhatAProgramCanAnswer() throws {
        let elements = "catalog/elements/reports.yaml"
        let unknown = try problems("catalog/categories/parts.yaml") {
            $0.replacing("form: [lamp_fault,", with: "required: [lamp_fault]\n  form: [lamp_falt,")
        }
        #expect(unknown.contains { $0.what == .unknownId && $0.values["nearest"] == "lamp_fault" && $0.line > 1 })
        #expect(unknown.contains { $0.what == .unknownId && $0.values["found"] == "lamp_fault" }, "required, but not in the form")
        for change in ["sort: code, sensitive: true", "sort: photo", "sort: person"] {
            let found = try problems(elements) { $0.replacing("pole_number: { sort: code", with: "pole_number: { " + change) }
            #expect(found.contains { $0.what == .unknownId && $0.values["found"] == "pole_number" }, "\(change)")
        }
    }

    @Test func theLastGoodOneStaysInForce() throws {
        let live = try LiveCatalog(Shipped.files.get())
        let good = live.current
        #expect(!live.reload(try Shipped.changed("catalog/classes.yaml") { $0 + "\n  odd" }))
        #expect(live.current === good)
        #expect(live.problems.first?.file == "catalog/classes.yaml")
        #expect(live.reload(try Shipped.changed("catalog/classes.yaml") { $0 + "\nnew_one: {}\n" }))
        #expect(live.current.matterClass("new_one") != nil && live.problems.isEmpty)
        // Broken, then as before: the problem goes though the catalog is the same.
        let same = live.current
        live.reload(try Shipped.changed("catalog/levels.yaml") { _ in "x: [" })
        #expect(!live.problems.isEmpty)
        #expect(!live.reload(same.files))
        #expect(live.current === same && live.problems.isEmpty)
    }

    @Test func anEnginesCheckKeepsTheOldOne() throws {
        let live = try LiveCatalog(
            Shipped.files.get(),
            checks: [{ catalog in if let entry = catalog.entries("odd").first { throw entry.node.problem(.wrongValue, ["found": "odd"]) } }]
        )
        live.reload(try Shipped.changed("catalog/odd/one.yaml") { _ in "a: 1" })
        #expect(live.problems.first?.file == "catalog/odd/one.yaml")
        #expect(live.current.entries("odd").isEmpty)
    }

    @Test func variationsNearestAboveWinsKeyByKey() throws {
        var files = try Shipped.files.get()
        files.texts["catalog/things/bin.yaml"] = "limit: 2h\nask: {to: a, many: true}\nlist: [1, 2]\n"
        files.texts["catalog/things/bin.street.yaml"] = "for: ['0101']\nlimit: 3h\nlist: [3]\n"
        files.texts["catalog/things/bin.school.yaml"] = "for: ['0101-7', '0102']\nask: {to: b}\n"
        files.texts["catalog/things/box.yaml"] = "extends: bin\nlimit: 9h\nask: {many: }\n"
        let catalog = try Catalog(files)
        #expect(catalog.entries("things").map(\.id) == ["bin", "box"])
        func read(_ id: String, _ grids: String...) throws -> [String] {
            let node = try #require(try catalog.entry("things", id, grids: grids)).node
            return [
                try node.text("limit"), try node.required("ask").text("to"), "\(try node.required("ask").bool("many"))",
                try node.texts("list").joined(),
            ]
        }
        #expect(try read("bin") == ["2h", "a", "true", "12"])
        #expect(try read("bin", "0101") == ["3h", "a", "true", "3"])
        #expect(try read("bin", "0101", "0101-7") == ["3h", "b", "true", "3"])
        #expect(try read("bin", "0102") == ["2h", "b", "true", "12"])
        #expect(try read("box") == ["9h", "a", "false", "12"])
        #expect(try catalog.entry("things", "none")?.id == nil)
    }
}
