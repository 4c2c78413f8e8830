import Basics
import Catalog
import Foundation
import Ledger
import Testing

@testable import Matters

@Suite struct CategoryFormTests {
    private func form() throws -> CategoryForm {
        var files = try CatalogFiles.load(home: ImportTests.home)
        files.texts["catalog/elements/test.yaml"] = """
            t_text: { sort: text }
            t_words: { sort: words }
            t_number: { sort: number, unit: m }
            t_integer: { sort: integer }
            t_one: { sort: choice, choices: [a, b] }
            t_many: { sort: choice, choices: [a, b, c], many: true }
            t_flag: { sort: flag }
            t_day: { sort: day }
            """
        files.texts["catalog/categories/test.yaml"] = """
            t_category:
              group: appearance
              class: at_once
              urgency: ordinary
              accept: 2h
              form: [t_text, t_words, t_number, t_integer, t_one, t_many, t_flag, t_day]
              required: [t_text, t_one]
            """
        let catalog = try Catalog(files)
        return CategoryForm(try #require(catalog.category("t_category")), catalog)
    }

    @Test("each sort is read as what it is")
    func sorts() throws {
        let read = try form().read([
            "t_text": [" a\nb "], "t_words": ["a\nb"], "t_number": ["-1.5"], "t_integer": ["7"], "t_one": ["b"], "t_many": ["c", "a"],
            "t_flag": ["false"], "t_day": ["2026-11-20T23:30:00Z"],
        ])
        #expect(read.wrong == [])
        #expect(
            read.answers == [
                "t_text": .text("a b"), "t_words": .text("a\nb"), "t_number": .number(-1.5), "t_integer": .number(7), "t_one": .text("b"),
                "t_many": .list([.text("c"), .text("a")]), "t_flag": .flag(false), "t_day": .text("2026-11-21"),
            ])
        #expect(
            try form().read(["t_text": ["x"], "t_one": ["a"], "t_many": ["a, b"]]).answers["t_many"] == .list([.text("a"), .text("b")]))
    }

    @Test("all that is missing or cannot be is said, and empty is not given")
    func wrong() throws {
        #expect(try form().read([:]).wrong == [.answerMissing("t_text"), .answerMissing("t_one")])
        #expect(try form().read(["t_text": ["", " "], "t_one": []]).wrong == [.answerMissing("t_text"), .answerMissing("t_one")])
        let read = try form().read([
            "t_text": [String(repeating: "长", count: 501)], "t_number": ["many"], "t_integer": ["1.5"], "t_one": ["a", "b"],
            "t_many": ["a", "z"], "t_flag": ["perhaps"], "t_day": ["soon"],
        ])
        #expect(read.answers == [:])
        #expect(read.wrong == ["t_text", "t_number", "t_integer", "t_one", "t_many", "t_flag", "t_day"].map { .answerWrong($0) })
    }

    @Test("what nobody asked is kept for the staff, as far as it is sensible, and strangers do not read it")
    func unasked() throws {
        let form = try form()
        let read = form.read([
            "t_text": ["电话 13800001234"], "t_one": ["a"], "odd": ["1", "2"], "long": [String(repeating: "x", count: 9000)],
        ])
        #expect(read.wrong == [] && read.answers["odd"] == .text("1, 2") && read.answers["long"]?.text.count == CategoryForm.longest)
        let many = Dictionary(uniqueKeysWithValues: (0..<500).map { ("odd \($0)", ["x"]) })
        #expect(form.read(many).answers.count == 50)

        let catalog = try Catalog(home: ImportTests.home)
        let kind = try #require(try Kinds(catalog).byID.values.first { $0.shows.words })
        let values: [String: FactValue] = ["pole_number": .text("A 13800001234"), "odd": .text("1")]
        #expect(FormAnswer.all(values, catalog).map(\.name) == ["pole_number", "odd"])
        let shown = FormAnswer.shown(values, kind, catalog)
        #expect(shown.map(\.name) == ["pole_number"] && shown.first?.value.text.contains("13800001234") == false)
    }
}
