import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Counts who is inside and turns away whom there is no room for, one for each connection.
///
/// On the thread of the network: a refusal waits for none of the work that it spares. Whoever sends a body is inside when it is complete.
final class DoorKeeper: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A body may take its time, but who sends a byte now and then only holds the line. (One that is silent is hung up on after 90 s.)
    private static let patience = TimeAmount.seconds(60)
    private static let slowestBytesPerSecond: Int64 = 256

    private let house: House
    private var body: (began: NIODeadline, bytes: Int64) = (.now(), 0)
    /// Requests handed on whose answer has not ended; those that come before it does are handed on too and counted as that one.
    private var underWay = 0
    private var isRefusing = false
    /// Of a request that is still being read.
    private var coming: Admission.Lane?
    /// Of a request that is inside.
    private var inside: Admission.Lane?

    init(house: House) { self.house = house }

    /// What stands in memory costs nothing; and whoever watches over us must hear even then.
    static func counts(_ path: String) -> Bool { !path.hasPrefix("/assets/") && !path.hasPrefix("/health") }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            if underWay == 0, let path = request.path, Self.counts(path) {
                let lane = house.admission.lane(CookieNames.read(request.headerFields)[house.cookies.session])
                guard house.admission.hasRoom(lane) else { return refuse(path, request, context) }
                coming = lane
            }
            underWay += 1
            body = (.now(), 0)
        case .body(let bytes):
            body.bytes += Int64(bytes.readableBytes)
            let spent = NIODeadline.now() - body.began
            if spent > Self.patience, body.bytes < Self.slowestBytesPerSecond * spent.nanoseconds / 1_000_000_000 {
                return context.close(promise: nil)
            }
            if isRefusing { return }
        case .end:
            if isRefusing {
                isRefusing = false
                return
            }
            if let lane = coming {
                house.admission.enter(lane)
                inside = lane
            }
            coming = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let response) where response.status.kind != .informational: leave()
        case .end: underWay -= 1
        default: break
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// What cannot be read as HTTP was answered with 400 and is read no further: the line is not held either. The sender has a moment to read why.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        context.fireErrorCaught(error)
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    private func leave() {
        coming = nil
        guard let lane = inside else { return }
        inside = nil
        house.admission.leave(lane)
    }

    /// The rest of the request is read over.
    private func refuse(_ path: String, _ request: HTTPRequest, _ context: ChannelHandlerContext) {
        isRefusing = true
        let answer = house.crowded.make(path, request.headerFields)
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        if request.method != .head { context.write(wrapOutboundOut(.body(answer.body)), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if request.headerFields[.connection]?.lowercased() == "close" { context.close(promise: nil) }
    }
}
