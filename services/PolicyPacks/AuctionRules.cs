namespace CarbonMarket.PolicyPacks;

/// <summary>What the market asks of single-direction auctions (单向竞价) beyond what each announcement says.</summary>
/// <param name="ParticipantsMayAnnounce">Participants sell and buy by auction on their own behalf, not only officials in a seller's name.</param>
/// <param name="ShortestNoticeMinutes">From the announcement to the opening; null: none.</param>
public sealed record AuctionRules(bool ParticipantsMayAnnounce = false, int? ShortestNoticeMinutes = null);
