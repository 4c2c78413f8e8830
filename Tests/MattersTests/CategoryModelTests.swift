import Basics
import Catalog
import Store
import Testing

@testable import Matters

@Suite struct CategoryModelTests {
    private static let here = Path.root.child(1).child(1).child(1)

    /// On the catalog that ships, where rubbish is by far the most frequent.
    private func model() throws -> CategoryModel {
        let model = CategoryModel()
        model.learn(try Catalog(home: ImportTests.home))
        for number in 0..<500 { model.learn(words: "路边垃圾没有清运 \(number)", category: "exposed_rubbish", path: Self.here) }
        return model
    }

    @Test(
        "a word of the catalog that stands in the text goes before what is frequent here",
        arguments: [
            ("路中间有个大坑，夜里差点摔", "broken_road"), ("门口坑洼不平", "broken_road"), ("垃圾桶旁边满溢，很臭", "exposed_rubbish"),
        ])
    func named(_ words: String, _ category: String) throws {
        let guess = try #require(try model().guess(words: words, at: Self.here, limit: 1).first)
        #expect(guess.category == category && guess.byWords)
    }

    @Test("without words it is what is frequent here, and says so")
    func frequent() throws {
        let guess = try #require(try model().guess(words: "", at: Self.here, limit: 1).first)
        #expect(guess.category == "exposed_rubbish" && !guess.byWords && guess.byPlace)
    }
}
