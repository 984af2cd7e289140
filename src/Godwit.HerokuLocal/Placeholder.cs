namespace Godwit.HerokuLocal;
