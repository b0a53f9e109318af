// Express 4 under its alias; to the tests it looks as Express 5 does.
declare module 'express4' {
  import express = require('express');
  export = express;
}
