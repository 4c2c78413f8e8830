import Posts
import Store

extension BoardQuestion {
    /// Cuts the question to what an actor may count: the land and the remits of his scope for figures.
    ///
    /// Confidential matters are counted by whoever has their land: those above see figures, not words. A remit does not count them, as it does
    /// not show them. Parts, own reports and passes give sight of single matters, not of figures.
    package mutating func cut(to scope: Scope) {
        let land = scope.prefixes
        guard !land.contains(.root) else {
            reach = nil
            return
        }
        reach = land.map { Reach(path: $0) } + scope.remitted.map { Reach(remitted: $0.path, categories: $0.categories.map(Set.init)) }
    }
}
