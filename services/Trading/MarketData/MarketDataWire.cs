using System.Text.Json;
using Contract = CarbonMarket.Contracts.Trading.V1.Grpc;

namespace CarbonMarket.Trading.MarketData;

/// <summary>Market data in the form of the gRPC contract.</summary>
internal static class MarketDataWire
{
    public static Contract.Heartbeat Heartbeat(GetMarketData.HeartbeatAnswer alive)
    {
        var told = new Contract.Heartbeat { LegalTimeMs = alive.LegalTime.ToUnixTimeMilliseconds() };
        foreach (var (instrument, session) in alive.Sessions)
            told.Sessions.Add(instrument, session ?? string.Empty);
        return told;
    }

    public static Contract.MarketDataMessage Message(MarketDataMessage message)
    {
        var told = new Contract.MarketDataMessage
        {
            Instrument = message.Instrument,
            Channel = (Contract.DataChannel)((int)message.Channel + 1),
            Sequence = message.Sequence,
            IsSnapshot = message.IsSnapshot,
            Version = message.Version,
            AtMs = Milliseconds(message.At) ?? 0,
            Part = message.Part ?? 0,
            Parts = message.Parts ?? 0,
            Ticker = message.Ticker is { } ticker ? Told(ticker) : null,
            Status = message.Status is { } status ? Told(status) : null,
        };
        told.Orders.AddRange((message.Orders ?? []).Select(Told));
        told.Depth.AddRange((message.Depth ?? []).Select(Told));
        told.Trades.AddRange((message.Trades ?? []).Select(Told));
        told.Bars.AddRange((message.Bars ?? []).Select(Told));
        told.Auctions.AddRange((message.Auctions ?? []).Select(Told));
        told.Sales.AddRange((message.Sales ?? []).Select(Told));
        return told;
    }

    private static Contract.OrderChange Told(OrderChange order) => new()
    {
        Kind = (Contract.OrderChange.Types.Kind)((int)order.Kind + 1),
        Number = order.Number,
        Side = Told(order.Side),
        PriceMinor = order.PriceMinor.MinorPerUnit,
        Remaining = order.Remaining.Value,
    };

    private static Contract.LevelChange Told(LevelChange level) => new()
    {
        Side = Told(level.Side),
        PriceMinor = level.PriceMinor.MinorPerUnit,
        Quantity = level.Quantity.Value,
        Orders = level.Orders,
    };

    private static Contract.PublicTrade Told(PublicTrade trade) => new()
    {
        TradeSequence = trade.TradeSequence,
        TradeId = trade.TradeId.ToString(),
        PriceMinor = trade.PriceMinor.MinorPerUnit,
        Quantity = trade.Quantity.Value,
        Mode = Word(trade.Mode),
        Aggressor = trade.Aggressor is { } side ? Told(side) : Contract.BookSide.Unspecified,
        RestingOrder = trade.RestingOrder ?? 0,
        TradingDay = trade.TradingDay.ToString("O"),
        ExecutedAtMs = trade.ExecutedAt.ToUnixTimeMilliseconds(),
    };

    private static Contract.Ticker Told(Ticker ticker)
    {
        var told = new Contract.Ticker
        {
            TradingDay = ticker.TradingDay?.ToString("O") ?? string.Empty,
            DayOpen = ticker.DayOpen,
            Volume = ticker.Volume,
            TurnoverMinor = ticker.TurnoverMinor,
            Trades = ticker.Trades,
        };
        Set(ticker.LastMinor?.MinorPerUnit, value => told.LastMinor = value);
        Set(ticker.OpenMinor?.MinorPerUnit, value => told.OpenMinor = value);
        Set(ticker.HighMinor?.MinorPerUnit, value => told.HighMinor = value);
        Set(ticker.LowMinor?.MinorPerUnit, value => told.LowMinor = value);
        Set(ticker.CloseMinor?.MinorPerUnit, value => told.CloseMinor = value);
        Set(ticker.ReferenceMinor?.MinorPerUnit, value => told.ReferenceMinor = value);
        Set(ticker.ChangeMinor, value => told.ChangeMinor = value);
        Set(ticker.ChangeBasisPoints, value => told.ChangeBasisPoints = value);
        Set(ticker.LowestPriceMinor, value => told.LowestPriceMinor = value);
        Set(ticker.HighestPriceMinor, value => told.HighestPriceMinor = value);
        return told;
    }

    private static Contract.Bar Told(Bar bar) => new()
    {
        Interval = bar.Interval switch { BarInterval.Minute => "1m", BarInterval.FiveMinutes => "5m", BarInterval.Hour => "1h", _ => "1d" },
        StartsAtMs = bar.StartsAt.ToUnixTimeMilliseconds(),
        OpenMinor = bar.OpenMinor.MinorPerUnit,
        HighMinor = bar.HighMinor.MinorPerUnit,
        LowMinor = bar.LowMinor.MinorPerUnit,
        CloseMinor = bar.CloseMinor.MinorPerUnit,
        Volume = bar.Volume,
        TurnoverMinor = bar.TurnoverMinor,
        Trades = bar.Trades,
    };

    private static Contract.AuctionNotice Told(AuctionNotice notice)
    {
        var told = new Contract.AuctionNotice
        {
            Kind = Word(notice.Kind),
            AuctionId = notice.AuctionId?.ToString() ?? string.Empty,
            Quantity = notice.Quantity.Value,
            Purchase = notice.Purchase,
        };
        Set(notice.PriceMinor?.MinorPerUnit, value => told.PriceMinor = value);
        Set(Milliseconds(notice.OpensAt), value => told.OpensAtMs = value);
        Set(Milliseconds(notice.ClosesAt), value => told.ClosesAtMs = value);
        Set(notice.Sold?.Value, value => told.Sold = value);
        Set(notice.Bids, value => told.Bids = value);
        Set(notice.QuantityBid, value => told.QuantityBid = value);
        Set(notice.Surplus, value => told.Surplus = value);
        return told;
    }

    private static Contract.TradingStatus Told(TradingStatus status)
    {
        var told = new Contract.TradingStatus { Stop = status.Stop is { } stop ? Word(stop) : string.Empty };
        Set(Milliseconds(status.Since), value => told.SinceMs = value);
        Set(Milliseconds(status.EndsAt), value => told.EndsAtMs = value);
        return told;
    }

    private static Contract.SaleNotice Told(SaleNotice notice)
    {
        var told = new Contract.SaleNotice
        {
            Kind = Word(notice.Kind),
            SaleId = notice.SaleId.ToString(),
            Quantity = notice.Quantity.Value,
            PriceMinor = notice.PriceMinor.MinorPerUnit,
            OpensAtMs = notice.OpensAt.ToUnixTimeMilliseconds(),
            ClosesAtMs = notice.ClosesAt.ToUnixTimeMilliseconds(),
            Sold = notice.Sold.Value,
            Reason = notice.Reason ?? string.Empty,
        };
        Set(notice.MostPerBuyer?.Value, value => told.MostPerBuyer = value);
        return told;
    }

    private static Contract.BookSide Told(Orders.Side side) => side == Orders.Side.Buy ? Contract.BookSide.Buy : Contract.BookSide.Sell;

    /// <summary>What is not known is left out: the contract's optional members.</summary>
    private static void Set<T>(T? value, Action<T> set)
        where T : struct
    {
        if (value is { } known)
            set(known);
    }

    private static long? Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds();

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
