import Basics
import Catalog
import Testing

@Suite struct ShippedTests {
    @Test func everyFileLoads() throws {
        let catalog = try Shipped.catalog
        #expect(catalog.levels.map(\.id) == ["subdistrict", "community", "third", "micro"])
        #expect(catalog.categories.count == 54 + 67)
        #expect(catalog.departments.count == 16)
        #expect(catalog.answering.map(\.id).first == "micro_leader")
        #expect(catalog.firstRole?.id == "root_center")
        #expect(catalog.firstUnitClass != nil)
        #expect(catalog.usualUrgency == "ordinary")
        #expect(catalog.groups.count == 10)
    }

    /// Parameters may differ in dates only: English names the month.
    @Test func everySentenceIsInBothLanguages() throws {
        let missing = try Shipped.catalog.strings.missing.filter { $0.parameters.isEmpty || !$0.key.hasPrefix("time.") }.map {
            "\($0.key) \($0.language.rawValue) \($0.parameters)"
        }
        #expect(missing == [])
    }

    @Test func everyIdHasAName() throws {
        let catalog = try Shipped.catalog
        var keys = catalog.levels.map(\.nameKey) + catalog.levels.flatMap(\.natures).map { "nature." + $0 }
        keys += catalog.classes.map(\.nameKey) + catalog.urgencies.map(\.nameKey) + catalog.unitClasses.map(\.nameKey)
        keys += catalog.departments.map { "department." + $0 } + catalog.roles.map(\.nameKey)
        keys += catalog.categories.flatMap { [$0.nameKey, $0.groupKey] }
        keys += catalog.elements.flatMap { element in [element.nameKey] + element.choices.map { element.nameKey + "." + $0 } }
        keys += catalog.entries("registers").map { "register." + $0.id }
        keys += try catalog.items("measures").flatMap { ["measure." + $0.id, "measure." + $0.id + ".means"] }
        keys += Set(catalog.calendar.exceptions.values.map(\.holiday)).map { "holiday." + $0 }
        keys += ["open", "done", "closed", "merged", "void"].map { "state." + $0 }
        keys += ["solved", "not_solved", "not_ours", "withdrawn", "turned_into"].map { "outcome." + $0 }
        keys += CatalogProblem.Sort.allCases.flatMap { ["refusal.catalog." + $0.rawValue, "remedy.catalog." + $0.rawValue] }
        for sort in ["work.m", "work.h", "work.wd", "natural.m", "natural.h", "natural.d"] { keys.append("limit." + sort) }
        #expect(keys.filter { !catalog.strings.has($0) } == [])
    }

    @Test func namesDifferWithinALanguage() throws {
        let catalog = try Shipped.catalog
        for language in Language.allCases {
            let names = catalog.categories.map { catalog.strings.text($0.nameKey, language) }
            #expect(Set(names).count == names.count)
        }
    }

    @Test func categoriesNameDepartmentsAndWords() throws {
        let catalog = try Shipped.catalog
        let rubbish = try #require(catalog.category("exposed_rubbish"))
        #expect(rubbish.finish == Limit("4h"))
        #expect(rubbish.words.contains("垃圾") && rubbish.words.contains("rubbish"))
        #expect(!rubbish.outsideList)
        let gas = try #require(catalog.category("gas_leak"))
        #expect(gas.accept == Limit("30m", time: .natural))
        #expect(gas.outsideList)
        #expect(catalog.categories.allSatisfy { !$0.words.isEmpty && $0.finish != nil })
    }

    @Test func theCalendarCoversSevenYears() throws {
        #expect(try Shipped.catalog.calendar.years == Set(2020...2026))
    }

    /// Nothing of a person, and never much: what a partner's program can know of a thing.
    @Test func formsAreShortAndImpersonal() throws {
        let catalog = try Shipped.catalog
        let forms = catalog.categories.filter { !$0.form.isEmpty }
        #expect(forms.count >= 3)
        for category in forms {
            #expect(category.form.count <= 4 && category.required.count <= 1)
            for id in category.form {
                let element = try #require(catalog.element(id))
                #expect(![.phone, .person, .photo].contains(element.sort) && !element.sensitive && element.purpose == nil, "\(id)")
            }
        }
    }

    @Test func registersUseKnownElements() throws {
        let catalog = try Shipped.catalog
        for entry in catalog.entries("registers") {
            for element in try entry.node.texts("elements") { #expect(catalog.element(element) != nil, "\(entry.id): \(element)") }
        }
    }
}
