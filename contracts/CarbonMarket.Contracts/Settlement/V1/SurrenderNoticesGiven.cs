namespace CarbonMarket.Contracts.Settlement.V1;

/// <summary>
/// Entities that are short before their surrender deadline were told so (履约提示); up to 500 in ledger order. For whoever carries
/// notices further, as by mail. Owner: Settlement. Key: Notice.NoticeId.
/// </summary>
public sealed record SurrenderNoticesGiven
{
    public required string Market { get; init; }

    public required IReadOnlyList<Notice> Notices { get; init; }

    public sealed record Notice
    {
        /// <summary>The same however often it is published: a notice is carried further once.</summary>
        public required Guid NoticeId { get; init; }

        public required Guid ParticipantId { get; init; }

        /// <summary>The compliance year.</summary>
        public required int Year { get; init; }

        /// <summary>Days until the last day of surrender.</summary>
        public required int DaysBefore { get; init; }

        /// <summary>Units; null: the verified emissions are not known.</summary>
        public long? Due { get; init; }

        /// <summary>Units still to be surrendered.</summary>
        public required long Outstanding { get; init; }

        /// <summary>Units that answer for the year and are there.</summary>
        public required long Held { get; init; }

        /// <summary>Units outstanding beyond everything that is there or bound to come.</summary>
        public required long StillToBuy { get; init; }

        /// <summary>Close of the last session in which it can buy in time; null: there is none any more.</summary>
        public DateTimeOffset? LastPurchaseAt { get; init; }

        /// <summary>First instant at which a surrender is late.</summary>
        public required DateTimeOffset Deadline { get; init; }

        public required DateTimeOffset At { get; init; }
    }
}
